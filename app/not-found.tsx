import { StateScreen } from './_components/page/StateScreen';
import { ButtonLink } from './_components/ui/Button';
import { requestTranslator } from './_i18n/requestTranslator';

export default async function NotFound() {
  const { t } = await requestTranslator();
  return (
    <StateScreen
      story="missing"
      sentence={t('page.notFound')}
      action={
        <ButtonLink tone="accent" href="/">
          {t('common.home')}
        </ButtonLink>
      }
    />
  );
}
